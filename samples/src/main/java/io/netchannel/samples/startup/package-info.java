/** What the launcher runs to have a cache of classes made. */
package io.netchannel.samples.startup;
