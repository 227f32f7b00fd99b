/** Which of a backend's servers a request goes to: by turns, by load, or by a hash of something that it carries. */
package io.netchannel.samples.haproxy.balance;
