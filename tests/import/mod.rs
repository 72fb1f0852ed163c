//! One file of tests for each kind of format.

mod alertmanager;
mod damaged;
mod incident_tools;
mod jira;
mod opsgenie;
mod pagerduty;
mod slack;
mod statuspage;
mod teams;
mod trackers;
