/**
 * The {@code rabbitmq} sink: rows as messages to an exchange of RabbitMQ, which the server has
 * confirmed when they count as written. One public door.
 */
@NullMarked
package io.fluxcore.adapters.out.rabbitmq;

import org.jspecify.annotations.NullMarked;
