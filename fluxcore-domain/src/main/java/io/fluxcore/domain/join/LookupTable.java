package io.fluxcore.domain.join;

import io.fluxcore.domain.event.Schema;
import java.time.Duration;

/**
 * What is asked of a table outside.
 *
 * @param key fields by which rows are looked up, under the names that the table has for them
 * @param fields that are wanted of its rows, under the names that the table has for them
 * @param timeout of a call: nobody waits longer for its answer
 */
public record LookupTable(Schema key, Schema fields, Duration timeout) {}
