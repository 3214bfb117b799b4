/** A web application of Spring Boot that runs a job, written as a user would write it. */
@NullMarked
package io.fluxcore.examples.springapp;

import org.jspecify.annotations.NullMarked;
