package io.netchannel.samples.memcached.protocol;

import java.nio.charset.StandardCharsets;

/** The original's answers, to the byte. */
final class Replies {

    static final byte[] END = line("END");
    static final byte[] ERROR = line("ERROR");
    static final byte[] OK = line("OK");
    static final byte[] STORED = line("STORED");
    static final byte[] NOT_STORED = line("NOT_STORED");
    static final byte[] EXISTS = line("EXISTS");
    static final byte[] NOT_FOUND = line("NOT_FOUND");
    static final byte[] DELETED = line("DELETED");
    static final byte[] TOUCHED = line("TOUCHED");
    static final byte[] RESET = line("RESET");
    static final byte[] VALUE = ascii("VALUE ");
    static final byte[] NO_SUCH_META = line("EN");
    static final byte[] META_NOTHING = line("MN");

    static final byte[] BAD_DATA_CHUNK = line("CLIENT_ERROR bad data chunk");
    static final byte[] BAD_LINE_FORMAT = line("CLIENT_ERROR bad command line format");
    static final byte[] BAD_EXPTIME = line("CLIENT_ERROR invalid exptime argument");
    static final byte[] BAD_DELTA = line("CLIENT_ERROR invalid numeric delta argument");
    static final byte[] NON_NUMERIC = line("CLIENT_ERROR cannot increment or decrement non-numeric value");
    static final byte[] BAD_DELETE = line("CLIENT_ERROR bad command line format.  Usage: delete <key> [noreply]");

    static final byte[] TOO_LARGE = line("SERVER_ERROR object too large for cache");
    static final byte[] NO_MEMORY = line("SERVER_ERROR out of memory storing object");
    static final byte[] NO_MEMORY_DELTA = line("SERVER_ERROR out of memory");
    static final byte[] OUT_OF_MEMORY_READING = line("SERVER_ERROR out of memory reading request");
    static final byte[] OUT_OF_MEMORY_WRITING = line("SERVER_ERROR out of memory writing get response");
    static final byte[] OUT_OF_MEMORY_DURING_READ = ascii("Out of memory during read");
    static final byte[] SERVER_ERROR_OUT_OF_MEMORY_DURING_READ = line("SERVER_ERROR Out of memory during read");

    private Replies() {
    }

    static byte[] ascii(final String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static byte[] line(final String text) {
        return ascii(text + "\r\n");
    }
}
