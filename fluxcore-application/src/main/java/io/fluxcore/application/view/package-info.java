/**
 * Materialised views: results of jobs that are kept as tables, and read without asking the jobs.
 * May import the connector SPI and the planner's and runtime's ports.
 */
@NullMarked
package io.fluxcore.application.view;

import org.jspecify.annotations.NullMarked;
