package io.netchannel.samples.haproxy.stats.cli;

import io.netchannel.samples.haproxy.config.BindOptions;

/** Commands of the master's own socket. */
final class MasterCommands {

    private MasterCommands() {
    }

    static void register(final Commands commands) {
        commands.add("show proc", BindOptions.Level.USER, Command.Mode.MASTER, ": master and workers",
                call -> call.print(call.control().master().processes()))
                .add("reload", BindOptions.Level.OPERATOR, Command.Mode.MASTER, ": read the configuration anew",
                        call -> {
                            call.control().master().reload();
                            // What answers from then on is the next configuration.
                            call.session().finish();
                        });
    }
}
