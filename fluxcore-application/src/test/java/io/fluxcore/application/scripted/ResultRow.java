package io.fluxcore.application.scripted;

import io.fluxcore.domain.event.RowKind;
import java.util.Map;

/**
 * A row that left the engine.
 *
 * @param timestamp epoch milliseconds
 * @param values by field
 */
public record ResultRow(RowKind kind, long timestamp, Map<String, Object> values) {}
