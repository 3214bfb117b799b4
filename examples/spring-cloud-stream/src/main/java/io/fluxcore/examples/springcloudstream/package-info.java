/** Jobs between bindings of Spring Cloud Stream: orders of Kafka, payments of RabbitMQ. */
@NullMarked
package io.fluxcore.examples.springcloudstream;

import org.jspecify.annotations.NullMarked;
