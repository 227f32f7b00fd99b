package io.netchannel.cpu.docs;

import io.netchannel.cpu.explore.Program;
import java.util.Map;

/** The programs of one essay in cpu-model/docs, whose text shows their code and what they may end in. */
interface Essay {

    /** By the name that heads their column in the essay's table. */
    Map<String, Program> variants();
}
