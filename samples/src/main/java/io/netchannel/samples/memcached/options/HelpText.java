package io.netchannel.samples.memcached.options;

/** What {@code -h}, {@code -V} and {@code -i} print. */
public final class HelpText {

    private static final String OPTIONS = """
            -p, --port=<num>          TCP port to listen on (default: 11211)
            -U, --udp-port=<num>      UDP port to listen on (default: 0, off)
            -s, --unix-socket=<file>  UNIX socket to listen on (with --kernel; no TCP or UDP then)
            -A, --enable-shutdown     enable ascii "shutdown" command
            -l, --listen=<addr>       interface to listen on (with --kernel; default: INADDR_ANY)
            -d, --daemon              run as a daemon
            -u, --user=<user>         taken for compatibility: start it as that user instead
            -m, --memory-limit=<num>  item memory in megabytes (default: 64)
            -M, --disable-evictions   return error on memory exhausted instead of evicting
            -c, --conn-limit=<num>    max simultaneous connections (default: 1024)
            -v, --verbose             verbose (print errors and warnings)
            -vv                       very verbose (also print client commands)
            -h, --help                print this help and exit
            -i, --license             print where the license is and exit
            -V, --version             print version and exit
            -P, --pidfile=<file>      save PID in <file>
            -f, --slab-growth-factor=<num> chunk size growth factor (default: 1.25)
            -n, --slab-min-size=<bytes> min space used for key+value+flags (default: 48)
            -D <char>                 delimiter between key prefixes and IDs, for per-prefix stats
                                      (default: ":"); switches their collection on
            -t, --threads=<num>       number of threads to use (default: 4; on a TAP 1)
            -R, --max-reqs-per-event  requests of a connection before other loops get their turn at the
                                      store (default: 20)
            -C, --disable-cas         disable use of CAS
            -b, --listen-backlog=<num> set the backlog queue limit (default: 1024)
            -B, --protocol=<name>     protocol - one of ascii, binary, or auto (default: auto-negotiate)
            -I, --max-item-size=<num> adjusts max item size
                                      (default: 1m, min: 1k, max: 1024m)
            -F, --disable-flush-all   disable flush_all command
            -X, --disable-dumping     disable stats cachedump and lru_crawler metadump
            -W  --disable-watch       disable watch commands (live logging)
            -Y, --auth-file=<file>    ASCII protocol authentication; lines of user:pass
            -o, --extended            comma separated list of extended options
                                      most options have a 'no_' prefix to disable
               - maxconns_fast:       immediately close new connections after limit (default: enabled)
               - hashpower:           power of two of the hash table's size at the start (default: 16)
               - no_hashexpand:       disables hash table expansion (dangerous)
               - slab_reassign, slab_automove, slab_automove_ratio, slab_automove_window,
                 slab_sizes, slab_chunk_max:  slab memory and its rebalancing
               - lru_crawler, lru_crawler_sleep, lru_crawler_tocrawl:  removal of what has expired
               - lru_maintainer, hot_lru_pct, warm_lru_pct, hot_max_factor, warm_max_factor:
                                      shares and ages of the LRU's segments
               - temporary_ttl:       TTL's below get separate LRU, can't be evicted
               - idle_timeout:        timeout for idle connections (default: 0, no timeout)
               - read_buf_mem_limit:  limit in megabytes that bounds the answers held for a connection
               - watcher_logbuf_size: size in kilobytes of per-watcher write buffer (default: 256)
               - track_sizes:         enable dynamic reports for 'stats sizes' command
               - no_memory_pressure:  keeps its memory when the system, or a limit of its control group, is
                                      short of it (default: gives pages back, down to
                                      memory_pressure_floor=<percent> of -m, default 25)
               - no_modern:           uses defaults of the 1.4 versions
            -k, -r, -L, -N and other -o are taken without effect. There is no TLS, SASL, restart,
            external storage or proxy.

            --store=<dir>             keep the items in that directory, and start with them the next time

            Where it runs, one of:
                --kernel              on the kernel's sockets
                --tap=<name> --address=<prefix> [--host-address=<prefix>] [--loops=<num>] [...]
                                      on a netchannel node at a TAP device (see: netchannel help echo)
            """;

    private HelpText() {
    }

    public static String help() {
        return version() + OPTIONS;
    }

    public static String version() {
        return "memcached " + Version.TEXT + "\n";
    }

    public static String license() {
        return version()
                + "\nThis is netchannel's server of that protocol, not memcached itself; see the file LICENSE.\n";
    }
}
