package io.netchannel.perf.services;

import io.netchannel.kernel.sched.Cpus;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A parked loop is woken by another, which then parks and is woken by it, again and again; against two threads in C that do so by
 * epoll and eventfd. A hundred microseconds of nothing to do would hide what each of them costs: so each answers at once.
 *
 * <p>On one CPU, where the software's own path is all there is beside the switch, and on two, where a CPU has to be woken. On one CPU
 * who is woken may run before its waker has gone to sleep, in C as here. A loop that isn't asleep yet isn't rung, which saves a loop
 * three system calls that C makes; how often it was asleep is a figure of its own.
 */
final class WakeUpComparison implements ServiceComparison {

    private static final double TARGET = 1.3;
    private static final int ROUND_TRIPS = 20_000;
    private static final int UNCOUNTED = 2_000;

    @Override
    public String name() {
        return "wake-up";
    }

    @Override
    public String description() {
        return "wake-up of a parked loop against a thread in C that waits in epoll for an eventfd";
    }

    @Override
    public String target() {
        return "at most 1.3 times C's, where that is worst";
    }

    @Override
    public String unavailability() {
        return EpollThreads.unavailability();
    }

    /** Where the two sides run. */
    private record Place(String name, int first, int second) {
    }

    private static List<Place> places() {
        final int[] cpus = Cpus.read().allowed().stream().toArray();
        final List<Place> places = new ArrayList<>(List.of(new Place("one CPU", cpus[0], cpus[0])));
        if (cpus.length > 1) {
            places.add(new Place("two CPUs", cpus[0], cpus[1]));
        }
        return places;
    }

    @Override
    public ComparisonResult run(final int rounds, final PrintWriter progress) throws IOException,
            InterruptedException {
        final List<Place> places = places();
        final double[][] ours = new double[places.size()][rounds];
        final double[][] theirs = new double[places.size()][rounds];
        final double[][] slept = new double[places.size()][rounds];
        try (EpollThreads epoll = EpollThreads.compile()) {
            for (int round = -1; round < rounds; round++) {
                for (int i = 0; i < places.size(); i++) {
                    final Place place = places.get(i);
                    final double c = epoll.oneWayNs(ROUND_TRIPS, UNCOUNTED, place.first, place.second);
                    final ParkedLoops.Measured loops = ParkedLoops.measure(ROUND_TRIPS, UNCOUNTED, place.first,
                            place.second);
                    progress.printf(Locale.ROOT, "  %s: %s: loops %.0f ns (slept before %.0f %%), C %.0f ns%n",
                            round < 0 ? "warm-up" : "round " + (round + 1), place.name, loops.oneWayNs(), 100 * loops
                                    .slept(),
                            c);
                    if (round >= 0) {
                        ours[i][round] = loops.oneWayNs();
                        theirs[i][round] = c;
                        slept[i][round] = 100 * loops.slept();
                    }
                }
                progress.flush();
            }
        }
        return result(places, ours, theirs, slept);
    }

    private static ComparisonResult result(final List<Place> places, final double[][] ours, final double[][] theirs,
            final double[][] slept) {
        final List<ComparisonResult.Figure> figures = new ArrayList<>();
        double worst = 0;
        for (int i = 0; i < places.size(); i++) {
            final String where = ", " + places.get(i).name;
            final var loops = new ComparisonResult.Figure("wake-up of a parked loop" + where, "ns", ours[i]);
            final var epoll = new ComparisonResult.Figure("epoll and eventfd in C" + where, "ns", theirs[i]);
            figures.add(loops);
            figures.add(epoll);
            figures.add(new ComparisonResult.Figure("of our wake-ups, the loop was asleep" + where, "%", slept[i]));
            worst = Math.max(worst, loops.median() / epoll.median());
        }
        return new ComparisonResult(figures, worst, worst <= TARGET);
    }
}
