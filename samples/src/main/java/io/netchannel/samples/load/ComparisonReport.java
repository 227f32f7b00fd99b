package io.netchannel.samples.load;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;

/** What a comparison came to. */
public interface ComparisonReport {

    void print(PrintWriter out);

    /** The same as a document, and every round. */
    ObjectNode json();

    /** Whether all was done, and nothing refused. */
    boolean isGood();
}
