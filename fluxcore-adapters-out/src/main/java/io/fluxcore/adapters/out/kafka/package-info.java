/**
 * The sink {@code kafka}: topics of Kafka, written by transactions that are committed with their
 * checkpoints. Imports the application, the encoders and the client of Kafka.
 */
@NullMarked
package io.fluxcore.adapters.out.kafka;

import org.jspecify.annotations.NullMarked;
