package io.netchannel.samples.haproxy.expression;

import java.net.InetAddress;
import java.util.List;

/** The arguments of one fetch or converter, as parsed. */
public final class Args {

    static final Args EMPTY = new Args(List.of());

    /** One argument: its text, and what its type made of it. */
    record Arg(ArgType type, String text, long number, InetAddress address, int[] path) {
    }

    private final List<Arg> args;

    Args(final List<Arg> args) {
        this.args = List.copyOf(args);
    }

    public int size() {
        return args.size();
    }

    public boolean has(final int index) {
        return index < args.size();
    }

    /** @return "" if it isn't there */
    public String text(final int index) {
        return has(index) ? args.get(index).text : "";
    }

    /** @return 0 if it isn't there */
    public long number(final int index) {
        return number(index, 0);
    }

    public long number(final int index, final long otherwise) {
        return has(index) ? args.get(index).number : otherwise;
    }

    /** @return null if it isn't there; a mask is an address */
    public InetAddress address(final int index) {
        return has(index) ? args.get(index).address : null;
    }

    /** The numbers of a dotted path. */
    public int[] path(final int index) {
        return args.get(index).path.clone();
    }

    ArgType type(final int index) {
        return args.get(index).type;
    }
}
