package io.netchannel.node.netty;

import io.netchannel.kernel.sched.Poller;
import io.netchannel.node.DataplaneNode;
import io.netchannel.node.DrivenLoop;
import io.netchannel.node.LoopContext;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.ThreadAwareExecutor;
import io.netty.util.concurrent.Ticker;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Runs a loop of a node on the thread of an event loop, and sleeps as that loop does.
 *
 * <p>Against lost wake-ups: before the loop sleeps it arms its wake word, behind a full fence, and then asks this poller, which
 * looks for tasks of the event loop. Whoever hands the event loop a task publishes it first and then calls {@link #wakeup}, which
 * looks at the word behind a full fence. One of the two sees the other.
 *
 * <p>Threading: {@link #wakeup} and {@link #isCompatible} any; the rest the event loop's.
 */
public final class DataplaneIoHandler implements IoHandler {

    /** Before the event loop has a look at what is its own, which costs as much as a turn without work. */
    private static final int MAX_TURNS = 32;

    private final DrivenLoop loop;
    private final ThreadAwareExecutor executor;
    private final ReceivedBuffers received;
    private final List<DataplaneIoHandler> all;
    private final Set<Registration> registrations = new HashSet<>();
    private final BooleanSupplier goesOn = this::canIdle;
    private IoHandlerContext context;
    private boolean begun;
    // Those that want to be told after the burst, in the order in which they asked.
    private Registration firstToTell;
    private Registration lastToTell;

    /** @param all those of the node, as they are made */
    DataplaneIoHandler(final DrivenLoop loop, final ThreadAwareExecutor executor, final List<DataplaneIoHandler> all) {
        this.loop = loop;
        this.all = all;
        this.executor = executor;
        this.received = new ReceivedBuffers(loop.context().stack().tcp(), executor);
    }

    /**
     * Starts a node whose loops are to run on event loops: as many as {@link io.netchannel.node.NodeConfig#loops()}, and all of
     * them, in the order in which their handlers are made. {@link DataplaneEventLoopGroup} does it right.
     *
     * <p>{@link DataplaneNode#close()} shuts the event loops down if nobody has.
     *
     * @param node not started; whose applications start with its event loops
     */
    public static IoHandlerFactory newFactory(final DataplaneNode node) {
        return new DataplaneIoHandlerFactory(node);
    }

    ThreadAwareExecutor executor() {
        return executor;
    }

    /** Those of all loops of the node. */
    List<DataplaneIoHandler> all() {
        return all;
    }

    boolean isCurrent() {
        return executor.isExecutorThread(Thread.currentThread());
    }

    LoopContext loop() {
        return loop.context();
    }

    ReceivedBuffers received() {
        return received;
    }

    @Override
    public void initialize() {
        if (!begun) {
            begun = true;
            loop.context().addPoller(new BurstEnd());
            loop.begin();
        }
    }

    @Override
    public int run(final IoHandlerContext runContext) {
        context = runContext;
        return canIdle() ? loop.runOrIdle(MAX_TURNS, goesOn) : loop.runOnce();
    }

    private boolean canIdle() {
        return context.canBlock();
    }

    @Override
    public void wakeup() {
        // The event loop's own thread is awake, and looks for tasks before it sleeps.
        if (!executor.isExecutorThread(Thread.currentThread())) {
            loop.wakeUp();
        }
    }

    @Override
    public IoRegistration register(final IoHandle handle) {
        if (!(handle instanceof final DataplaneIoHandle own)) {
            throw new IllegalArgumentException("handle=" + handle.getClass().getName() + " is not a channel of "
                    + DataplaneIoHandler.class.getPackageName());
        }
        final Registration registration = new Registration(own);
        registrations.add(registration);
        own.registered();
        return registration;
    }

    @Override
    public boolean isCompatible(final Class<? extends IoHandle> handleType) {
        return DataplaneIoHandle.class.isAssignableFrom(handleType);
    }

    @Override
    public void prepareToDestroy() {
        // A copy: a channel that closes cancels its registration.
        for (final Registration registration : List.copyOf(registrations)) {
            registration.handle.close();
        }
    }

    @Override
    public void destroy() {
        received.end();
        loop.end();
    }

    /** Channels are told at the end of a burst, which is before the stack sends. */
    private final class BurstEnd implements Poller {

        @Override
        public int poll(final long nowNs) {
            int work = received.takeReturned();
            // Those that ask again meanwhile come in the next turn.
            final Registration last = lastToTell;
            Registration told = null;
            while (firstToTell != null && told != last) {
                told = firstToTell;
                firstToTell = told.nextToTell;
                told.nextToTell = null;
                told.awaitsBurst = false;
                if (told.valid) {
                    told.handle.handle(told, DataplaneIoEvent.END_OF_BURST);
                    work++;
                }
            }
            return work;
        }

        @Override
        public boolean arm() {
            return firstToTell == null && context.canBlock();
        }

        @Override
        public long nextDeadlineNs() {
            if (context.deadlineNanos() == -1) {
                return NO_DEADLINE;
            }
            // Netty's clock and the loop's begin at different times; and this wants the one from which both are counted.
            final Ticker netty = Ticker.systemTicker();
            return loop.context().nowNs() + Math.max(0, context.delayNanos(netty.initialNanoTime() + netty.nanoTime()));
        }
    }

    /** A channel on this event loop. */
    final class Registration implements IoRegistration {

        private final DataplaneIoHandle handle;
        private boolean valid = true;
        private boolean awaitsBurst;
        private Registration nextToTell;

        private Registration(final DataplaneIoHandle handle) {
            this.handle = handle;
        }

        /** The channel wants {@link DataplaneIoEvent#END_OF_BURST} once. */
        void tellAfterBurst() {
            if (!awaitsBurst && valid) {
                awaitsBurst = true;
                if (firstToTell == null) {
                    firstToTell = this;
                } else {
                    lastToTell.nextToTell = this;
                }
                lastToTell = this;
            }
        }

        /** The registration itself, as the event loop hands out another that stands before it. */
        @Override
        @SuppressWarnings("unchecked")
        public <T> T attachment() {
            return (T) this;
        }

        DataplaneIoHandler handler() {
            return DataplaneIoHandler.this;
        }

        @Override
        public long submit(final IoOps ops) {
            throw new UnsupportedOperationException(
                    "ops=" + ops + ": channels call the stack, which is on their thread");
        }

        @Override
        public boolean isValid() {
            return valid;
        }

        @Override
        public boolean cancel() {
            if (!valid) {
                return false;
            }
            valid = false;
            registrations.remove(this);
            handle.unregistered();
            return true;
        }
    }
}
