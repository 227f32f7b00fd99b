package io.netchannel.samples.haproxy.config;

import java.util.List;

/** What a {@code bind} line says; it may open several sockets. */
public final class BindSettings extends Settings {

    private final String addressText;
    private final List<Address> addresses;
    private final String file;
    private final int line;

    /** @param addressText the word that named them, as messages repeat it */
    public BindSettings(final String addressText, final List<Address> addresses, final String file, final int line) {
        super(null);
        this.addressText = addressText;
        this.addresses = List.copyOf(addresses);
        this.file = file;
        this.line = line;
    }

    public String addressText() {
        return addressText;
    }

    /** One for each socket: ranges of ports are resolved. */
    public List<Address> addresses() {
        return addresses;
    }

    public String file() {
        return file;
    }

    public int line() {
        return line;
    }
}
