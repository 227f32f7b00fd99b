package io.netchannel.samples.http;

/** Told to each connection when the server ends: finish what is under way, begin nothing. */
enum Closing {
    SERVER
}
