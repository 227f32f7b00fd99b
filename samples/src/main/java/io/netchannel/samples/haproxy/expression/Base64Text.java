package io.netchannel.samples.haproxy.expression;

import java.util.Base64;

/** Base 64 (RFC 4648) as haproxy reads it: strictly, in whole groups. */
public final class Base64Text {

    private Base64Text() {
    }

    /** @return null if it is none: not of whole groups, a char outside the alphabet, padding elsewhere than at the end */
    public static byte[] decode(final String text) {
        return text.length() % 4 != 0 ? null : decode(Base64.getDecoder(), text);
    }

    /** Section 5's alphabet, without padding or with it. */
    public static byte[] decodeUrl(final String text) {
        int end = text.length();
        while (end > 0 && text.length() - end < 2 && text.charAt(end - 1) == '=') {
            end--;
        }
        return decode(Base64.getUrlDecoder(), text.substring(0, end));
    }

    private static byte[] decode(final Base64.Decoder decoder, final String text) {
        try {
            return decoder.decode(Casts.bytes(text));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
