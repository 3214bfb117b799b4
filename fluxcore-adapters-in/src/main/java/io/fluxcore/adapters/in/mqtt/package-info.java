/**
 * The {@code mqtt} source: messages of topics of an MQTT broker, acknowledged when they are in a
 * spool or with checkpoints. One public door.
 */
@NullMarked
package io.fluxcore.adapters.in.mqtt;

import org.jspecify.annotations.NullMarked;
