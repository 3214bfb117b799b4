/**
 * The source {@code cdc}: the changes of a database's tables, by Debezium inside this process or by
 * the binary log. What reads them stands behind {@code DatabaseKind} and {@code ChangeRun}. Imports
 * the connector SPI, the domain, Debezium with the data of Kafka Connect that it speaks in, and the
 * client of binary logs.
 */
@NullMarked
package io.fluxcore.adapters.in.cdc;

import org.jspecify.annotations.NullMarked;
