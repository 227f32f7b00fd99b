package io.netchannel.samples.echo;

/** The services, under their names in IANA's registry, with their well-known ports. */
public enum EchoService {
    ECHO(7), DISCARD(9), CHARGEN(19);

    private final int port;

    EchoService(final int port) {
        this.port = port;
    }

    /** The same for TCP and UDP. */
    public int port() {
        return port;
    }
}
