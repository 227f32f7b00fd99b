package io.netchannel.samples.haproxy.proxy;

/** Is told how servers do with real traffic: {@code observe layer4} and {@code layer7} watch that. */
public interface ServerObserver {

    ServerObserver NONE = new ServerObserver() {
        @Override
        public void connected(final Server server, final boolean success) {
            // Nobody watches.
        }

        @Override
        public void answered(final Server server, final int status) {
            // Nobody watches.
        }
    };

    void connected(Server server, boolean success);

    /** @param status -1: what came was no valid answer, or none came */
    void answered(Server server, int status);
}
