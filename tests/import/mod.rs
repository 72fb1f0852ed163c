//! One file of tests for each kind of format.

mod alertmanager;
mod damaged;
mod jira;
mod opsgenie;
mod pagerduty;
mod slack;
mod statuspage;
mod teams;
mod trackers;
