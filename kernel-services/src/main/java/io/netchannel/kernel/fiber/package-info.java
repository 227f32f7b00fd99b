/**
 * Fibers: virtual threads that a run loop carries, so that blocking code runs on the application's own core, between the turns of
 * the dataplane. First to read: {@link io.netchannel.kernel.fiber.Fibers}.
 */
package io.netchannel.kernel.fiber;
