/**
 * The {@code mqtt} sink: rows as messages to topics of an MQTT broker, which has acknowledged them
 * when they count as written. One public door.
 */
@NullMarked
package io.fluxcore.adapters.out.mqtt;

import org.jspecify.annotations.NullMarked;
