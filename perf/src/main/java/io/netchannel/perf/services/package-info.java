/**
 * {@code ./netchannel services}: the services of {@code kernel-services} against what a user has otherwise, each pair interleaved in
 * one run. First to read: {@link io.netchannel.perf.services.ServiceComparison}.
 */
package io.netchannel.perf.services;
