/**
 * What nodes log and programs print, on its way to whoever reads it: the application's log, inputs that read {@code dora/logs}, outputs that carry a node's records, and the owner of a part. {@code
 * NodeLogs} has one {@code LogRoute} for each that logs, which leads to {@code LogSink}s: outputs that belong to no node's thread.
 *
 * <p>Any thread may log; routes change while they are used, by copies. Knows outputs ({@code local.agent}), the order in which logs end ({@code local.part}) and what processes print ({@code local.process}); not how sinks are connected.
 */
@NullMarked
package io.millrace.local.logs;

import org.jspecify.annotations.NullMarked;
