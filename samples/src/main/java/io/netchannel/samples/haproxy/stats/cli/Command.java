package io.netchannel.samples.haproxy.stats.cli;

import io.netchannel.samples.haproxy.config.BindOptions;

/**
 * A command of the stats socket.
 *
 * @param words what its line begins with
 * @param level who may use it
 * @param usage the line of help; null: it isn't shown
 */
record Command(String words, BindOptions.Level level, Mode mode, String usage, Action action) {

    /** What must be switched on, or where it belongs. */
    enum Mode {
        WORKER, EXPERIMENTAL, MASTER, BOTH
    }

    /** What it does. */
    interface Action {
        void run(Call call);
    }
}
