/**
 * FluxCore as beans of a Spring Boot application: properties {@code fluxcore.*}, the service and
 * its parts, each of which an application may replace by a bean of its own, and the life of jobs
 * from the start of the application to its end. Starts no server and opens no port. Holds no logic
 * of streams; may import every module, and Spring.
 */
@NullMarked
package io.fluxcore.boot.autoconfigure;

import org.jspecify.annotations.NullMarked;
