package io.netchannel.samples.haproxy.check;

/** A BindResponse (RFC 4511, 4.2.2), as far as a check looks. */
final class LdapAnswer {

    private static final Step.Outcome NOT_LDAP = new Step.Outcome(CheckStatus.L7RSP, 0, "Not LDAPv3 protocol");
    private static final int LONG_FORM = 0x80;

    private LdapAnswer() {
    }

    static Step.Outcome read(final String data, final boolean last) {
        final Step.Outcome tooShort = last ? new Step.Outcome(CheckStatus.L7RSP, 0, "") : null;
        if (data.length() < 2) {
            return tooShort;
        }
        int at = 1;
        int length = data.charAt(at);
        if ((length & LONG_FORM) != 0) {
            final int bytes = length & ~LONG_FORM;
            if (bytes != 2 && bytes != 4) {
                return NOT_LDAP;
            }
            if (data.length() < 2 + bytes) {
                return tooShort;
            }
            length = 0;
            for (int i = 0; i < bytes; i++) {
                length = length << 8 | data.charAt(at + 1 + i);
            }
            at += bytes;
        }
        at++;
        if (length < 0 || data.length() - at < length) {
            return tooShort;
        }
        // messageID 1, bindResponse.
        if (!data.startsWith("\u0002\u0001\u0001\u0061", at)) {
            return NOT_LDAP;
        }
        at += 4;
        if (at >= data.length()) {
            return tooShort;
        }
        final int inner = data.charAt(at);
        at += 1 + ((inner & LONG_FORM) == 0 ? 0 : inner & ~LONG_FORM);
        // ENUMERATED of one byte: resultCode.
        if (!data.startsWith("\n\u0001", at) || at + 2 >= data.length()) {
            return NOT_LDAP;
        }
        final int code = data.charAt(at + 2);
        return code == 0
                ? new Step.Outcome(CheckStatus.L7OK, 0, "Success")
                : new Step.Outcome(CheckStatus.L7STS, code,
                        "See RFC: http://tools.ietf.org/html/rfc4511#section-4.1.9");
    }
}
