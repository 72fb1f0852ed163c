# The GitLab.com outage of 31 January 2017, as its scribe could have written it down, from the public notes
# and the public postmortem; people by role. What bears a `~` is roughly known: whether the load was felt
# from 18:00 (notes) or 19:00 (postmortem), whether replication stopped at 22:00 or at 23:00, and where
# only the order is public. Unsure: the minutes from 00:36 to 02:00 and the note of 04:00. Not public, so
# left out: who does what by when. Added: the commander, which follow-ups would have prevented or
# shortened it, the day on which the hourly snapshots began (that of the postmortem, which says they have).
bridgelog declare 'GitLab.com: production database removed' --severity sev1 --zone UTC --service web --service git --service webhooks --commander 'Incident Lead' --at '~2017-01-31 23:30'
bridgelog service web --public 'Website'
bridgelog service git --public 'Repositories and wikis'
bridgelog service webhooks --public 'Webhooks'
bridgelog set product 'GitLab.com'
bridgelog log --markers - <<'LINES'
2017-01-31
~17:20 change: a snapshot of the production database is taken by hand and loaded into staging, for a test of load balancing #snapshot
~18:00 detect: spammers create snippets in masses, the database is unstable #spam
~19:00 fault: database load from spam, comments on issues and merge requests fail @web #spam !degraded tell: GitLab.com became slow under a wave of spam, and comments could not be posted at times.
~19:30 suspect: the spam alone makes the load #spam
~21:00 fault: writes lock up in the database @web #spam !degraded tell: The database stopped taking changes for a while, and parts of the site failed.
~21:10 action: addresses of spammers blocked, spamming accounts removed #spam
~21:20 finding: 47,000 addresses sign in as one account, which serves a repository as a download site; account removed #spam
~22:00 detect: paged, the replica is 4 GB behind and replication has stopped #replica
~22:05 ack: the database engineer stays on beyond the end of the shift #replica
~23:00 action: data directory of the replica wiped, to copy it anew from the primary #replica
~23:05 finding: the copy asks for more senders than the primary allows #replica
~23:10 action: senders raised, the primary does not start with 8,000 connections, 2,000 it takes #replica
~23:15 suspect: the copy hangs because the empty data directory is in its way #replica
23:27 fault: that directory removed on the primary instead of the replica; stopped after a second or two, 4.5 GB of about 300 are left @web @git @webhooks #deletion !down tell: While repairing a standby of our database, we removed the data of the main database by mistake. GitLab.com stopped.
23:27 detect: the engineer sees the name of the host #deletion
23:27 cause: data directory removed on the primary by an engineer who took it for the replica; the prompts do not tell them apart tell: We ran a command on the main database that was meant for its standby.
LINES
bridgelog log --markers - <<'LINES'
2017-01-31
~23:40 finding: no failover, the replica is empty since 23:00 #replica
~23:45 finding: the bucket of the daily dumps is empty; pg_dump 9.2 against server 9.6 ends with an error #dumps
~23:50 finding: mails about failed dumps were rejected by the receiver for want of DMARC #dumps
~23:55 finding: disk snapshots are on for the file servers and were never on for the databases #snapshot
LINES
decision=$(bridgelog log '~2017-02-01 00:30 decision: bring production back from the snapshot in staging why: it is the newest copy, of 17:20; staging has no webhooks not: the daily snapshot, with almost 24 hours of data lost; undeleting files tell: Our regular backups turned out not to work. We decided to restore from a copy that an engineer had made by chance at 17:20 UTC.' | awk 'NR == 1 { print $4 }')
bridgelog log --markers - <<LINES
2017-02-01
00:36 action: the copy in staging is backed up ^$decision
00:55 action: staging mounted on the primary ^$decision
01:18 action: what is left of production is put aside ^$decision
01:58 action: copy from staging to production begins; the disks of staging give about 60 Mbit/s ^$decision tell: Copying the data back to production began. The disks it came from are slow.
02:00 comms/customers: the page shown in place of the site says what happened
~02:15 comms/customers: notes of the repair open to everyone, and the work shown live on YouTube
LINES
bridgelog log --markers - <<LINES
2017-02-01
04:00 note: 56 percent of the files copied
~17:00 action: the database is up without webhooks ^$decision
~18:00 restore: webhooks are back @webhooks ^$decision
18:14 restore: site open again @web @git ^$decision tell: GitLab.com was open again, with the data of 17:20 UTC on 31 January.
18:14 comms/customers: blog: back online, data from 17:20 to 23:25 UTC is lost
~18:20 verify: everything works as it should
LINES
bridgelog resolve --at '~2017-02-01 18:30' 'restored from a snapshot that was six hours old'
bridgelog log --incident latest --markers - <<'LINES'
2017-02-10
09:00 factor: nobody owned the backups, so nobody tried to restore one tell: Nobody was responsible for our backups, so nobody had tested them, and we learned of it when we needed them.
09:01 factor: replication kept no archive, so a replica that fell behind had to be copied anew, by hand and with thin instructions
09:02 factor: a job deleted the account of an employee whom a troll had reported, which was part of the load
09:03 factor: staging runs on throttled disks, to save money tell: The only copy lay on slow disks, which is why it took most of a day.
LINES
say() { field=$1; shift; bridgelog set --incident latest "$field" "$@"; }
say customer-scope everyone
say customer-impact 'no access to the site, to repositories and to wikis'
say unaffected 'the content of repositories and wikis; GitLab on your own servers; GitHost'
say data-loss 'lost is what was changed from 17:20 UTC on 31 January to midnight in projects, issues, comments, snippets and accounts; by our estimate 5,000 projects, 5,000 comments and 700 new accounts'
say customer-action 'create again what you made in that time; code that you pushed is there'
say impact 'about 5,000 projects, 5,000 comments and 700 new accounts lost'
say scope 'all of GitLab.com; no other product'
say trigger 'a standby that had fallen behind under load was set up anew, late at night'
say resolution 'the site runs on the copy of 17:20 UTC that was in staging; what was written after it is lost'
say owner Infrastructure
followup() { bridgelog task add --incident latest --owner Infrastructure "$@" | awk 'NR == 1 { print $2 }'; }
followup 'Prompts that tell hosts and environments apart' --type prevent --prevents --ticket 1094 --customer 'Servers that show plainly which one an engineer is working on'
followup 'Set max_connections to a sane value' --type prevent --ticket 1096
followup 'Write down how replication is set up' --type process --prevents --ticket 1103
followup 'Monitor the backups' --type detect --shortens --ticket 1095 --customer 'An alarm when a backup fails'
followup 'Test restores of the database by machine' --type detect --shortens --ticket 1102 --customer 'A restore that is tried automatically'
followup 'Move staging to faster hosting' --type mitigate --shortens --ticket 1100
followup 'Stream the database log to a second place' --type mitigate --ticket 494 --customer 'Backups that follow every change, so that far less can be lost'
followup 'Bring the replica back' --type mitigate --ticket 1101
hourly=$(followup 'Snapshots of the production database every hour' --type mitigate --ticket 1098 --customer 'Snapshots every hour instead of every day')
bridgelog task done "$hourly" --at 2017-02-10 'taken every hour'
bridgelog task add --incident latest 'Name an owner for the durability of data' --type process --prevents --ticket 1163 --customer 'One person who answers for the safety of your data'
prose() { bridgelog write "$1" --from - --incident latest; }
prose customer-apology <<'PROSE'
To lose your data is not acceptable, and we did. We are sorry, to those whose work is gone above all.
PROSE
prose customer-followup <<'PROSE'
A wave of spam had put our database under load for hours. Its standby fell so far behind that it had to
be set up anew. Doing that late at night, one of us removed the data directory of the main database,
believing it was the standby. It was stopped within two seconds, and nearly everything was gone.

Then we found that none of our backups could be used. The daily dump had been failing, and the mails that
said so never arrived. What saved most of your data was luck: for a test of something else, an engineer
had copied the database at 17:20 UTC. We restored that copy, from slow disks, for most of a day. The
standby is being set up again.
PROSE
prose summary <<'PROSE'
While repairing a replica, an engineer removed the data of the primary database. Dumps, disk snapshots
and failover turned out not to exist. The site was restored from a copy in staging that was six hours
old; what was written after it is lost.
PROSE
prose went-well <<'PROSE'
- Notes and the repair were public from the first night; about 5,000 people watched at once.
- The removal was noticed and stopped within seconds.
PROSE
prose went-badly <<'PROSE'
- Of five ways to get the data back, none worked as planned.
- Eighteen hours of copying, for want of fast disks in staging.
PROSE
prose lucky <<'PROSE'
A snapshot had been taken by hand six hours earlier. The regular one would have cost a day of data.
PROSE
prose questions <<'PROSE'
- When did the dumps begin to fail?
PROSE
