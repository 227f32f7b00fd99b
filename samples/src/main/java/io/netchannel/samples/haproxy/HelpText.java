package io.netchannel.samples.haproxy;

import io.netchannel.samples.haproxy.config.Version;

/** What {@code -v}, {@code -vv} and a wrong command line print. */
final class HelpText {

    private static final String OPTIONS = """
            Usage : haproxy [-f <cfgfile|cfgdir>]* [ -vdVD ] [ -n <maxconn> ] [ -N <maxpconn> ]
                    [ -p <pidfile> ] [ -m <max megs> ] [ -C <dir> ] [-- <cfgfile>*]
                    -v displays version ; -vv shows known build options.
                    -d enters debug mode ; -db only disables background mode.
                    -D goes daemon ; -C must be the directory that it is started in.
                    -W master-worker mode: here one process is both.
                    -q quiet mode : don't display messages
                    -c check mode : only check config files and exit
                    -cc check condition : evaluate a condition and exit
                    -n sets the maximum total # of connections
                    -N sets the default, per-proxy maximum # of connections
                    -L set local peer name (default to hostname)
                    -p writes the pid to this file, with -D or -W
                    -dK{class[,...]} dump registered keywords (use 'help' for list)
                    -dR disables SO_REUSEPORT usage
                    -dr ignores server address resolution failures
                    -dV disables SSL verify on servers side
                    -dW fails if any warning is emitted
                    -dD diagnostic mode : warn about suspicious configuration statements
                    -sf/-st [pid ]* finishes/terminates old pids.
                    -m, -V, -de, -dp, -dk, -dv, -dS, -dG, -dM, -dL are taken without effect.

            Where it runs, one of:
                    --kernel on the kernel's sockets
                    --tap=<name> --address=<prefix> [--host-address=<prefix>] [...]
                      on a netchannel node at a TAP device (see: netchannel help echo)

            """;

    private HelpText() {
    }

    static String version() {
        return "HAProxy version " + Version.TEXT + " - netchannel's proxy, which behaves like HAProxy 2.6\n"
                + "Running on: " + System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                + System.getProperty("os.arch") + ", Java " + Runtime.version() + "\n";
    }

    static String usage() {
        return OPTIONS;
    }

    /** Lines that programs look for are as haproxy has them. */
    static String buildOptions() {
        return """
                Build options :
                  TARGET  = netchannel
                  CPU     = jvm
                  OPTIONS =

                Feature list : %s

                Default settings :
                  bufsize = 16384, maxrewrite = 1024

                Built without multi-threading support (one loop runs all).
                Built with the JDK's TLS.
                Built with java.util.zip for compression.
                Compression algorithms supported : identity("identity"), deflate("deflate"), raw-deflate("deflate"), gzip("gzip")
                Encrypted password support via crypt(3): no; MD5 ($1$), SHA-256 ($5$) and SHA-512 ($6$) by the JDK

                Available polling systems :
                      netty : test result OK
                Total: 1 (1 usable), will use netty.

                Available multiplexer protocols :
                (protocols marked as <default> cannot be specified using 'proto' keyword)
                  <default> : mode=HTTP  side=FE|BE  mux=H1
                         h1 : mode=HTTP  side=FE|BE  mux=H1
                  <default> : mode=TCP   side=FE|BE  mux=PASS
                       none : mode=TCP   side=FE|BE  mux=PASS

                Available services : none

                Available filters :
                	[COMP] compression
                """
                .formatted(Version.featureList());
    }
}
