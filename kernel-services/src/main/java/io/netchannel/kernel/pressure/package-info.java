/**
 * Memory that is given back when it is short, and taken again when it is not. First to read:
 * {@link io.netchannel.kernel.pressure.MemoryPressure}, then {@link io.netchannel.kernel.pressure.Shrinker}.
 */
package io.netchannel.kernel.pressure;
