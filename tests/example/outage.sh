# The outage of 16 August 2012, as its commander would have written it down. From the letter that
# went to customers: the day, about 10:06, the two faults, the decision, what customers were told.
# Added, because the letter does not say: the zone, the names, the minutes of the other steps, which
# improvements were meant, the faults that were caught before, the words on the status page, who was
# not affected, that no data was lost.
bridgelog log - <<'LINES'
2012-06-21 03:12 absorbed: a disk of @search-db failed, its mirror took over #mirror
2012-06-21 15:40 restore: @search-db has a new disk
2012-07-09 11:03 absorbed: one power supply of @mail failed, the other carried it #power
2012-07-10 09:20 restore: @mail has two power supplies again
LINES
bridgelog declare 'AVR Online outage' --severity sev1 --service online-db --zone America/New_York --commander jw --at '2012-08-16 10:14'
bridgelog log --markers - <<'LINES'
2012-08-16
07:58 absorbed: first hardware fault on @online-db; the redundant hardware took over #hardware tell: The server's redundant hardware caught a first fault. Nobody was interrupted.
~10:06 fault: second fault while running degraded; @online-db halted #hardware !down tell: A second hardware fault halted the database server that holds your database and those of several other customers.
10:09 detect: monitoring pages on-call, @online-db does not answer
10:11 ack: on it
10:30 comms/customers: status page: a database server is down, next word at 11:30
10:31 suspect: a failed controller; the vendor cannot say how long a repair takes
LINES
decision=$(bridgelog log '2012-08-16 10:40 decision: move a system image of @online-db to other hardware why: the length of a repair is unknown, the image is from this morning not: wait for the vendor tell: To bring you back sooner than a repair could, we decided to move an image of the whole system onto other hardware.' | awk 'NR == 1 { print $4 }')
bridgelog log --markers - <<LINES
2012-08-16
11:08 action: image copy to the spare chassis under way ^$decision #hardware
11:30 comms/customers: status page: the system is being moved to other hardware, next word at 12:30
12:30 comms/customers: status page: the image is being copied, next word at 13:30
13:26 restore: @online-db runs from the image on the spare chassis ^$decision tell: AVR Online was back for everyone.
13:41 verify: every customer database on @online-db opens, checksums match #hardware
13:45 comms/customers: status page: service is back, a letter follows
15:20 cause: a second fault while degraded was more than the remaining redundancy could take; timing and severity were outside what it covers tell: The server has redundant hardware against most faults of this kind. It was already relying on it when the second fault came, and the timing and severity of that one were more than what was left could absorb.
LINES
bridgelog resolve --at '2012-08-16 14:10' 'every site answers again'
bridgelog service online-db --public 'AVR Online' --incident latest
bridgelog set product 'AVR Online' --incident latest
bridgelog set customer-scope 'a small share of AVR Online customers, those with a database on one particular server' --incident latest
bridgelog set unaffected 'AVR Online for everybody else' --incident latest
bridgelog set data-loss none --incident latest
bridgelog set ledger-in-letter yes --incident latest
standby=$(bridgelog task add 'Fail over to a warm standby' --type prevent --owner raj --due 2012-10-31 --prevents --since 2012-05-14 --ticket OPS-311 --customer 'A second server that takes over by itself when the first one fails' | awk 'NR == 1 { print $2 }')
bridgelog task start "$standby" --at 2012-06-18
bridgelog task add 'Boot any system image on any chassis' --type mitigate --owner ann --due 2012-09-28 --shortens --since 2012-06-04 --ticket OPS-312 --customer 'Moving a whole system to other hardware in minutes instead of hours'
bridgelog write customer-followup --from - <<'PROSE'
That server has redundant hardware, intended to prevent most outages of this kind. At 07:58 it caught a
first fault, and nobody was interrupted. From then on it ran on what was left of that protection, until
a second fault came that was more than the rest could absorb. A repair would have kept you waiting, so
we decided to move an image of the whole system to other hardware, and once it was running you were
back. We are not satisfied with this outage.
PROSE
bridgelog write summary --from - <<'PROSE'
A second hardware fault halted `online-db` while it was already running on its reserve after a first
one. The repair time was unknown, so a system image was moved to other hardware, which restored
service.
PROSE
bridgelog set scope 'customers whose database is on the halted server; AVR Online elsewhere kept running' --incident latest
bridgelog set trigger 'a first hardware fault at 07:58, which left no reserve' --incident latest
bridgelog set resolution 'a system image of the server runs on other hardware' --incident latest
bridgelog set owner raj --incident latest
bridgelog set authors 'jw, ann' --incident latest
bridgelog write impact --from - <<'PROSE'
Customers with a database on the halted server could not use AVR Online from the halt until the
restore. Nobody else was affected.
PROSE
bridgelog write protections --from - <<'PROSE'
The redundant hardware did what it is there for: it absorbed the first fault, and nobody noticed. From
then on the server ran on its reserve, and a second fault was not covered. Its timing and severity
halted the server before anything could be replaced.
PROSE
bridgelog write went-well --from - <<'PROSE'
- The first fault caused no outage.
- The decision not to wait for the repair came half an hour after detection.
PROSE
bridgelog write went-badly --from - <<'PROSE'
- Two hours on the reserve passed without anybody being told to hurry.
- For the first 24 minutes customers heard nothing from us.
PROSE
bridgelog write lucky --from - <<'PROSE'
A system image from the same morning existed, and a spare chassis stood ready.
PROSE
