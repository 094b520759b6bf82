package io.millrace.remote.testkit;

import io.millrace.remote.HostPort;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A network between named members that can be cut, slowed, reordered and healed between any two of them: each member dials the others by {@linkplain #route ways of its own}, which
 * are TCP proxies in this JVM, on loopback. The members may be in this JVM or in others of this machine. Any thread; close it.
 */
public final class FaultyNetwork implements AutoCloseable {
    private static final Condition WELL = new Condition(Kind.WELL, 0);
    private static final Condition CUT = new Condition(Kind.CUT, 0);

    // Under the lock of this object.
    private final Map<HostPort, String> owners = new LinkedHashMap<>();
    private final Map<Way, FaultyProxy> proxies = new HashMap<>();
    private final Map<Way, Condition> applied = new HashMap<>();
    private final Map<Pair, Condition> conditions = new HashMap<>();
    private final Set<String> isolated = new HashSet<>();
    private boolean isClosed;

    private enum Kind {
        WELL,
        CUT,
        SILENT,
        SLOW,
        REORDERED
    }

    /** @param degree bytes a second, or the milliseconds for which something is held at the most */
    private record Condition(Kind kind, long degree) {
        void applyTo(FaultyProxy proxy) {
            switch (kind) {
                case WELL -> proxy.heal();
                case CUT -> proxy.cut();
                case SILENT -> proxy.blackHole();
                case SLOW -> proxy.slow(degree);
                case REORDERED -> proxy.reorder(Duration.ofMillis(degree));
            }
        }
    }

    private record Way(String from, HostPort to) {}

    /** Two members, in the order of their names. */
    private record Pair(String one, String other) {
        static Pair of(String x, String y) {
            return x.compareTo(y) <= 0 ? new Pair(x, y) : new Pair(y, x);
        }
    }

    /** Says where a member listens; it may have several addresses. */
    public synchronized void add(String name, HostPort address) {
        owners.put(address, name);
    }

    /**
     * What a member is to dial to reach an address: a proxy, or the address itself if nobody has it.
     *
     * @throws IllegalStateException if the network is closed
     */
    public synchronized HostPort route(String from, HostPort to) {
        String owner = owners.get(to);
        if (owner == null || owner.equals(from)) {
            return to;
        }
        if (isClosed) {
            throw new IllegalStateException("the network is closed");
        }
        FaultyProxy proxy = proxies.computeIfAbsent(new Way(from, to), way -> open(way, owner));
        return new HostPort(
                proxy.address().getAddress().getHostAddress(), proxy.address().getPort());
    }

    private FaultyProxy open(Way way, String owner) {
        FaultyProxy proxy =
                new FaultyProxy(new InetSocketAddress(way.to().host(), way.to().port()));
        Condition condition = condition(way.from(), owner);
        condition.applyTo(proxy);
        applied.put(way, condition);
        return proxy;
    }

    /** All the ways of one member: what it dials in place of each address that is known by now. */
    public synchronized Map<HostPort, HostPort> routes(String from) {
        Map<HostPort, HostPort> routes = new LinkedHashMap<>();
        owners.keySet().forEach(address -> routes.put(address, route(from, address)));
        return routes;
    }

    /** Resets what is open between two members, and refuses what is new. */
    public void cut(String x, String y) {
        change(x, y, CUT);
    }

    /** Lets nothing pass between two members: neither bytes nor word that there are none. */
    public void silence(String x, String y) {
        change(x, y, new Condition(Kind.SILENT, 0));
    }

    /**
     * Lets not more than this pass between two members, each way of each connection.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public void slow(String x, String y, long bytesPerSecond) {
        if (bytesPerSecond < 1) {
            throw new IllegalArgumentException(
                    "bytes per second must be positive, found " + bytesPerSecond + ": use cut or silence for none");
        }
        change(x, y, new Condition(Kind.SLOW, bytesPerSecond));
    }

    /**
     * Holds what passes between two members for a time by chance, each way of each connection by itself: what goes by different connections comes in another order. Within one
     * connection TCP keeps the order.
     *
     * @param longest for which something is held, of a millisecond or more
     * @throws IllegalArgumentException if it is shorter
     */
    public void reorder(String x, String y, Duration longest) {
        if (longest.toMillis() < 1) {
            throw new IllegalArgumentException("what is reordered is held for a millisecond or more, found " + longest);
        }
        change(x, y, new Condition(Kind.REORDERED, longest.toMillis()));
    }

    /** Undoes {@link #cut}, {@link #silence}, {@link #slow} and {@link #reorder} of these two. */
    public void heal(String x, String y) {
        change(x, y, WELL);
    }

    /** Cuts a member from all others, whatever else is between them. */
    public synchronized void isolate(String name) {
        isolated.add(requireKnown(name));
        applyAll();
    }

    /** Undoes {@link #isolate}. */
    public synchronized void rejoin(String name) {
        isolated.remove(requireKnown(name));
        applyAll();
    }

    /** How many connections one member has tried to make to another. */
    public synchronized int dialled(String from, String to) {
        return proxies.entrySet().stream()
                .filter(each -> each.getKey().from().equals(from)
                        && to.equals(owners.get(each.getKey().to())))
                .mapToInt(each -> each.getValue().accepted())
                .sum();
    }

    private synchronized void change(String x, String y, Condition condition) {
        requireKnown(x);
        requireKnown(y);
        conditions.put(Pair.of(x, y), condition);
        applyAll();
    }

    private String requireKnown(String name) {
        if (!owners.containsValue(name)
                && proxies.keySet().stream().noneMatch(way -> way.from().equals(name))) {
            throw new IllegalArgumentException(
                    "no member '" + name + "' is on this network; there are " + new HashSet<>(owners.values()));
        }
        return name;
    }

    private void applyAll() {
        proxies.forEach((way, proxy) -> {
            Condition condition = condition(way.from(), String.valueOf(owners.get(way.to())));
            if (!condition.equals(applied.put(way, condition))) {
                condition.applyTo(proxy);
            }
        });
    }

    private Condition condition(String from, String to) {
        return isolated.contains(from) || isolated.contains(to)
                ? CUT
                : conditions.getOrDefault(Pair.of(from, to), WELL);
    }

    @Override
    public synchronized void close() {
        isClosed = true;
        proxies.values().forEach(FaultyProxy::close);
    }
}
