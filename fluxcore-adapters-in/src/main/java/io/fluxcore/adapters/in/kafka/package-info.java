/**
 * The source {@code kafka}: topics of Kafka, whose partitions are splits. Imports the application,
 * the formats and the client of Kafka.
 */
@NullMarked
package io.fluxcore.adapters.in.kafka;

import org.jspecify.annotations.NullMarked;
