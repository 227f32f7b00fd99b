package io.netchannel.kernel.libraries;

import io.netchannel.cpu.explore.ModelledThread;
import io.netchannel.cpu.explore.Program;
import io.netchannel.cpu.rewrite.ModelledClassLoader;
import io.netchannel.cpu.rewrite.ModelledProgram;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Supplier;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;
import org.jctools.queues.varhandle.SpscVarHandleArrayQueue;

/**
 * Queues of references: what is put in comes out once and in order, and with it what the producer wrote before. The message's
 * field is a plain one, so a publication without order is a data race.
 */
final class QueuePrograms {

    static final class Message {

        int value;
    }

    private QueuePrograms() {
    }

    /** What the programs ask of a queue. */
    interface Queue {

        boolean offer(Message message);

        /** Null if there is none, or it isn't there yet. */
        Message poll();
    }

    private static Queue of(final MessagePassingQueue<Message> queue) {
        return new Queue() {
            @Override
            public boolean offer(final Message message) {
                return queue.offer(message);
            }

            // poll() spins until a producer that has its place has filled it; relaxedPoll() comes back.
            @Override
            public Message poll() {
                return queue.relaxedPoll();
            }
        };
    }

    /** JCTools' ring for one producer; its least capacity is 4. */
    static final class JctoolsSpsc implements ModelledProgram {

        @Override
        public Program program(final ModelledClassLoader loader) {
            return oneToOne("JCTools SpscVarHandleArrayQueue", loader, 5,
                    () -> of(new SpscVarHandleArrayQueue<>(4)));
        }
    }

    /** JCTools' ring for many producers. */
    static final class JctoolsMpsc implements ModelledProgram {

        @Override
        public Program program(final ModelledClassLoader loader) {
            return manyToOne("JCTools MpscVarHandleArrayQueue", loader, 2,
                    () -> of(new MpscVarHandleArrayQueue<>(2)));
        }
    }

    /** The queue of tasks of our run loops, with chunks so small that the producers must link new ones. */
    static final class JctoolsMpscUnbounded implements ModelledProgram {

        @Override
        public Program program(final ModelledClassLoader loader) {
            return manyToOne("JCTools MpscUnboundedVarHandleArrayQueue", loader, 1,
                    () -> of(new MpscUnboundedVarHandleArrayQueue<>(2)));
        }
    }

    /** A ring as JCTools' but for one word: what it stores is not released. */
    static final class Unreleased implements ModelledProgram, Queue {

        private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Message[].class);

        private final Message[] slots = new Message[4];
        private int head;
        private int tail;

        @Override
        public boolean offer(final Message message) {
            if (SLOT.getAcquire(slots, tail & 3) != null) {
                return false;
            }
            SLOT.setOpaque(slots, tail++ & 3, message);
            return true;
        }

        @Override
        public Message poll() {
            final Message message = (Message) SLOT.getAcquire(slots, head & 3);
            if (message != null) {
                SLOT.setRelease(slots, head++ & 3, null);
            }
            return message;
        }

        @Override
        public Program program(final ModelledClassLoader loader) {
            return oneToOne("a ring that doesn't release", loader, 2, Unreleased::new);
        }
    }

    private static Program oneToOne(final String name, final ModelledClassLoader loader, final int count,
            final Supplier<Queue> maker) {
        final Queue[] queue = new Queue[1];
        final Message[] messages = new Message[count];
        return Program.named(name).heapWords(64).setup(memory -> {
            loader.use(memory);
            for (int i = 0; i < count; i++) {
                messages[i] = new Message();
                memory.heap().handle(messages[i]);
            }
            queue[0] = maker.get();
        }).thread("producer", t -> {
            for (int i = 0; i < count; i++) {
                messages[i].value = i + 1;
                offer(t, queue[0], messages[i]);
            }
        }).thread("consumer", t -> {
            for (int i = 0; i < count; i++) {
                final Message message = poll(t, queue[0]);
                t.assertEquals(i + 1, message.value, "value of message " + i);
            }
        });
    }

    /** @param first messages of the first producer; the second sends one */
    private static Program manyToOne(final String name, final ModelledClassLoader loader, final int first,
            final Supplier<Queue> maker) {
        final Queue[] queue = new Queue[1];
        final Message[] messages = new Message[first + 1];
        return Program.named(name).heapWords(64).setup(memory -> {
            loader.use(memory);
            for (int i = 0; i < messages.length; i++) {
                messages[i] = new Message();
                memory.heap().handle(messages[i]);
            }
            queue[0] = maker.get();
        }).thread("first producer", t -> {
            for (int i = 0; i < first; i++) {
                messages[i].value = i + 1;
                offer(t, queue[0], messages[i]);
            }
        }).thread("second producer", t -> {
            messages[first].value = first + 1;
            offer(t, queue[0], messages[first]);
        }).thread("consumer", t -> {
            int seen = 0;
            for (int i = 0; i < messages.length; i++) {
                final int value = poll(t, queue[0]).value;
                t.assertThat((seen & 1 << value) == 0, "message " + value + " came once");
                t.assertThat(value == 1 || value > first || (seen & 1 << value - 1) != 0,
                        "the first producer's messages came in order");
                seen |= 1 << value;
            }
            t.assertEquals((1 << messages.length + 1) - 2, seen, "messages seen");
        });
    }

    private static void offer(final ModelledThread t, final Queue queue, final Message message) {
        t.await(() -> queue.offer(message));
    }

    private static Message poll(final ModelledThread t, final Queue queue) {
        final Message[] got = new Message[1];
        t.await(() -> (got[0] = queue.poll()) != null);
        return got[0];
    }
}
