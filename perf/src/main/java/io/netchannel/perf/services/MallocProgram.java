package io.netchannel.perf.services;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** {@link BufferWorkload} in C, on malloc and free; compiled where it is needed. */
final class MallocProgram implements AutoCloseable {

    private static final String SOURCE = """
            #define _GNU_SOURCE
            #include <pthread.h>
            #include <sched.h>
            #include <stdio.h>
            #include <stdlib.h>
            #include <time.h>

            enum { BURST = %d, BYTES = %d, BURSTS = 64 };
            static pthread_barrier_t barrier;
            static long duration_ns;
            struct worker { int cpu; double ns; };

            static long time_ns(clockid_t clock) {
                struct timespec t;
                clock_gettime(clock, &t);
                return t.tv_sec * 1000000000L + t.tv_nsec;
            }

            static void bursts(void) {
                void *held[BURST];
                for (int n = 0; n < BURSTS; n++) {
                    for (int i = 0; i < BURST; i++) {
                        held[i] = malloc(BYTES);
                        /* As if used: the compiler may otherwise leave both calls out. */
                        __asm__ volatile("" : : "r"(held[i]) : "memory");
                    }
                    for (int i = 0; i < BURST; i++)
                        free(held[i]);
                }
            }

            static void *run(void *argument) {
                struct worker *worker = argument;
                cpu_set_t cpus;
                CPU_ZERO(&cpus);
                CPU_SET(worker->cpu, &cpus);
                sched_setaffinity(0, sizeof cpus, &cpus);
                pthread_barrier_wait(&barrier);
                long from = time_ns(CLOCK_MONOTONIC) + duration_ns / 10;
                while (time_ns(CLOCK_MONOTONIC) < from)
                    bursts();
                long begin = time_ns(CLOCK_MONOTONIC), begin_cpu = time_ns(CLOCK_THREAD_CPUTIME_ID), buffers = 0;
                do {
                    bursts();
                    buffers += (long) BURSTS * BURST;
                } while (time_ns(CLOCK_MONOTONIC) - begin < duration_ns);
                worker->ns = (double) (time_ns(CLOCK_THREAD_CPUTIME_ID) - begin_cpu) / buffers;
                return 0;
            }

            int main(int argc, char **argv) {
                int threads = argc - 2;
                struct worker workers[16];
                pthread_t ids[16];
                double sum = 0;
                duration_ns = atol(argv[1]);
                pthread_barrier_init(&barrier, 0, threads);
                for (int i = 0; i < threads; i++) {
                    workers[i].cpu = atoi(argv[2 + i]);
                    pthread_create(&ids[i], 0, run, &workers[i]);
                }
                for (int i = 0; i < threads; i++) {
                    pthread_join(ids[i], 0);
                    sum += workers[i].ns;
                }
                printf("%%f\\n", sum / threads);
                return 0;
            }
            """;

    private final Path directory;
    private final int[] cpus;

    private MallocProgram(final Path directory, final int[] cpus) {
        this.directory = directory;
        this.cpus = cpus;
    }

    static String unavailability() {
        try {
            final Process process = new ProcessBuilder("cc", "--version").redirectErrorStream(true).start();
            process.getInputStream().readAllBytes();
            return process.waitFor() == 0 ? null : "cc --version fails: install a C compiler";
        } catch (final IOException e) {
            return "there is no cc: install a C compiler";
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    static MallocProgram compile(final int... cpus) throws IOException, InterruptedException {
        final Path directory = Files.createTempDirectory("netchannel-malloc");
        final Path source = directory.resolve("malloc.c");
        Files.writeString(source, String.format(Locale.ROOT, SOURCE, BufferWorkload.BURST,
                BufferWorkload.BUFFER_BYTES));
        final MallocProgram program = new MallocProgram(directory, cpus);
        try {
            program.output("cc", "-O2", "-pthread", "-o", directory.resolve("malloc").toString(), source.toString());
        } catch (final IOException | InterruptedException e) {
            program.close();
            throw e;
        }
        return program;
    }

    /** @return nanoseconds of CPU for a buffer out and back, the mean of the threads */
    double measure(final int threads, final long durationNs) throws IOException, InterruptedException {
        final String[] command = new String[2 + threads];
        command[0] = directory.resolve("malloc").toString();
        command[1] = Long.toString(durationNs);
        for (int i = 0; i < threads; i++) {
            command[2 + i] = Integer.toString(cpus[i]);
        }
        return Double.parseDouble(output(command).strip());
    }

    private String output(final String... command) throws IOException, InterruptedException {
        final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        final String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(command[0] + " fails: " + text);
        }
        return text;
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(directory.resolve("malloc"));
        Files.deleteIfExists(directory.resolve("malloc.c"));
        Files.deleteIfExists(directory);
    }
}
