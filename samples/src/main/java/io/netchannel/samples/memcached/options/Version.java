package io.netchannel.samples.memcached.options;

/** What this server gives itself out for. */
public final class Version {

    /** The memcached whose behaviour this is; clients switch features on by it. */
    public static final String TEXT = "1.6.18";
    /** What stands where the original names its event loop. */
    public static final String LOOP = "netchannel-0.1.0";

    private Version() {
    }
}
