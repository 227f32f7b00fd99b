/**
 * Who runs when: run loops, their timers, clocks and doorbells.
 *
 * <p>A {@link io.netchannel.kernel.sched.RunLoop} is one thread that polls its
 * {@link io.netchannel.kernel.sched.Poller}s. With nothing to do it spins, then yields, then parks on an eventfd and on
 * the file descriptors of its pollers, as its {@link io.netchannel.kernel.sched.IdleStrategy} says. Whoever has work
 * for a parked loop sees its {@link io.netchannel.kernel.sched.WakeWord} armed and rings its
 * {@link io.netchannel.kernel.sched.Doorbell}.
 *
 * <p>A {@link io.netchannel.kernel.sched.TimerWheel} is a poller whose {@link io.netchannel.kernel.sched.Timer}s
 * expire in the time that it is handed. Time comes from a {@link io.netchannel.kernel.sched.NanoClock}, and only run
 * loops hold one.
 */
package io.netchannel.kernel.sched;
