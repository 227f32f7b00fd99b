package io.netchannel.samples.http;

import io.netty.handler.codec.DateFormatter;
import java.time.InstantSource;
import java.util.Date;

/** The Date header, made once a second. Any thread. */
final class ServerDate {

    private record Made(long second, String text) {
    }

    private final InstantSource clock;
    private volatile Made made = new Made(Long.MIN_VALUE, "");

    ServerDate(final InstantSource clock) {
        this.clock = clock;
    }

    String text() {
        final long nowMs = clock.millis();
        Made now = made;
        if (now.second != nowMs / 1000) {
            now = new Made(nowMs / 1000, DateFormatter.format(new Date(nowMs)));
            made = now;
        }
        return now.text;
    }
}
