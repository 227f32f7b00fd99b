/* Two threads that wake each other, each waiting in epoll for its eventfd: wake-up ROUND_TRIPS UNCOUNTED CPU CPU.
 * Prints the nanoseconds of one wake-up, half a round trip. */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

static int event[2], queue[2], cpu[2];
static long trips, uncounted;

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static void confine(int side)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(cpu[side], &set);
    if (sched_setaffinity(0, sizeof set, &set))
        die("sched_setaffinity");
}

static void await(int side)
{
    struct epoll_event ready;
    uint64_t rung;
    while (epoll_wait(queue[side], &ready, 1, -1) < 1)
        ;
    if (read(event[side], &rung, sizeof rung) != sizeof rung)
        die("read");
}

static void ring(int side)
{
    const uint64_t one = 1;
    if (write(event[side], &one, sizeof one) != sizeof one)
        die("write");
}

static double now_ns(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e9 + time.tv_nsec;
}

static void *answer(void *unused)
{
    confine(1);
    for (long i = 0; i < uncounted + trips; i++) {
        await(1);
        ring(0);
    }
    return unused;
}

int main(int count, char **words)
{
    double start = 0;
    pthread_t other;
    if (count != 5)
        return 2;
    trips = atol(words[1]);
    uncounted = atol(words[2]);
    for (int side = 0; side < 2; side++) {
        struct epoll_event wanted = {.events = EPOLLIN};
        cpu[side] = atoi(words[3 + side]);
        event[side] = eventfd(0, EFD_NONBLOCK);
        queue[side] = epoll_create1(0);
        if (event[side] < 0 || queue[side] < 0 || epoll_ctl(queue[side], EPOLL_CTL_ADD, event[side], &wanted))
            die("epoll");
    }
    confine(0);
    if (pthread_create(&other, NULL, answer, NULL))
        die("pthread_create");
    for (long i = 0; i < uncounted + trips; i++) {
        if (i == uncounted)
            start = now_ns();
        ring(1);
        await(0);
    }
    printf("%.1f\n", (now_ns() - start) / (2.0 * trips));
    return 0;
}
