/**
 * The source {@code cdc}: the changes of a database's tables, by Debezium inside this process.
 * Imports the connector SPI, the domain, Debezium, and the data of Kafka Connect that it speaks in.
 */
@NullMarked
package io.fluxcore.adapters.in.cdc;

import org.jspecify.annotations.NullMarked;
