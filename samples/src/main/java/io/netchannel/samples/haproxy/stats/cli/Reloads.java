package io.netchannel.samples.haproxy.stats.cli;

/**
 * Readings of the configuration after the first: how many came to something, and how to ask for one. Threading: counted by one
 * thread at a time, read by any.
 */
public final class Reloads {

    private volatile Runnable request = () -> {
    };
    private volatile int done;
    private volatile int failed;

    /** @param reload what {@link #request} calls, on a thread of its own */
    public void onRequest(final Runnable reload) {
        request = reload;
    }

    void request() {
        Thread.ofPlatform().name("reload").start(request);
    }

    // One thread at a time: Reload sees to that.
    public void count(final boolean success) {
        if (success) {
            done++;
        } else {
            failed++;
        }
    }

    int done() {
        return done;
    }

    int failed() {
        return failed;
    }
}
