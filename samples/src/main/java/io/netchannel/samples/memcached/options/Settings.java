package io.netchannel.samples.memcached.options;

import java.nio.file.Path;

/**
 * What memcached calls its settings, with its defaults: set by the command line, some also by commands of the protocol.
 *
 * <p>Threading: written before the loops run, then only under the store's lock.
 */
public final class Settings {

    public static final int PAGE_BYTES = 1 << 20;
    /** -1 asks for any free port. */
    public static final int ANY_PORT = -1;

    // -- where to listen
    public int tcpPort = 11211;
    public int udpPort;
    public String listenAddresses;
    public Path unixSocket;
    public int unixMask = 0700;
    public int backlog = 1024;
    public int maxConnections = 1024;
    public boolean maxConnectionsFast = true;
    public int threads = 4;
    public boolean threadsGiven;
    public int requestsPerEvent = 20;
    public BindingProtocol protocol = BindingProtocol.AUTO;
    public Path authFile;
    public int idleTimeoutSeconds;
    public int readBufferLimitBytes;

    // -- memory
    public long maxBytes = 64L << 20;
    public boolean evict = true;
    public double growthFactor = 1.25;
    public int chunkBytes = 48;
    public int itemMaxBytes = PAGE_BYTES;
    public int chunkMaxBytes = PAGE_BYTES / 2;
    public int[] slabSizes;
    public boolean cas = true;
    public int hashPower;
    public boolean hashExpands = true;
    public String hashAlgorithm = "murmur3";
    public boolean slabReassign = true;
    public int slabAutomove = 1;
    public double slabAutomoveRatio = 0.8;
    public int slabAutomoveWindow = 30;
    public int tailRepairSeconds;
    /** Whether memory is given back when the system is short of it. */
    public boolean memoryPressure = true;
    /** Of the limit, below which nothing is given back. */
    public int pressureFloorPercent = 25;

    // -- LRU
    public boolean lruCrawler = true;
    public int crawlerSleepMicros = 100;
    public int crawlerToCrawl;
    public boolean lruMaintainer = true;
    public boolean lruSegmented = true;
    public int hotPercent = 20;
    public int warmPercent = 40;
    public double hotMaxFactor = 0.2;
    public double warmMaxFactor = 2.0;
    public boolean tempLru;
    public int temporaryTtlSeconds = 61;

    // -- commands that may be switched off
    public boolean shutdownCommand;
    public boolean flushEnabled = true;
    public boolean dumpEnabled = true;
    public boolean watchEnabled = true;
    /** What the original has only when it is built for its tests: {@code debugtime}. */
    public boolean debugCommands;

    // -- reports
    public int verbosity;
    public char prefixDelimiter = ':';
    public boolean detailEnabled;
    public boolean trackSizes;
    public int watcherBufferBytes = 256 << 10;
    public int workerBufferBytes = 64 << 10;

    // -- process
    public boolean daemon;
    public String user;
    public Path pidFile;
    /** Where items are kept over restarts; null for nowhere. */
    public Path storeDirectory;

    /** The protocols that a connection may speak. */
    public enum BindingProtocol {
        ASCII("ascii"), BINARY("binary"), AUTO("auto-negotiate");

        private final String text;

        BindingProtocol(final String text) {
            this.text = text;
        }

        /** As {@code stats settings} has it. */
        public String text() {
            return text;
        }
    }
}
