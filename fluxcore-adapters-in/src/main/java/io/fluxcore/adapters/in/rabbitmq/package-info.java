/**
 * The {@code rabbitmq} source: messages of a queue of RabbitMQ, acknowledged when they are in a
 * spool or with checkpoints, or of a stream, read by offset. One public door.
 */
@NullMarked
package io.fluxcore.adapters.in.rabbitmq;

import org.jspecify.annotations.NullMarked;
