/** What the tests of devices and driver share: a node without a stack, frames to send, and a naive reader of frames. */
package io.netchannel.virtio.support;
