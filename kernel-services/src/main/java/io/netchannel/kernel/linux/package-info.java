/**
 * Linux, called directly: the only native code of the project.
 *
 * <p>{@link io.netchannel.kernel.linux.Linux} holds the system calls, {@link io.netchannel.kernel.linux.LinuxInterface}
 * configures a network interface without an external program. Set-up calls throw
 * {@link io.netchannel.kernel.linux.LinuxException}; calls on the way of packets return a negated
 * {@link io.netchannel.kernel.linux.Errno}. {@code *Flags} hold constants, {@code *Layout} structures.
 */
package io.netchannel.kernel.linux;
