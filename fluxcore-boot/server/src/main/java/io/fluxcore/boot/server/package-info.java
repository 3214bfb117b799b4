/**
 * The server: a Spring Boot application around the starter, with the REST API, Actuator and
 * Prometheus, an access log and a directory of its own. Holds no logic of streams; may import every
 * module, and Spring.
 */
@NullMarked
package io.fluxcore.boot.server;

import org.jspecify.annotations.NullMarked;
