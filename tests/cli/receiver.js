// receiver.js sacn|artnet FOLDER UNIVERSE UNIVERSE [ADDRESS] -- what npm's sacn or dmxnet receives until it is ended: the values of each universe
// as a line of FOLDER/got.UNIVERSE, and what either complained of in FOLDER/complaints.
const fs = require('fs');
const [protocol, folder, first, second, address] = process.argv.slice(2);
const universes = [Number(first), Number(second)];
const files = Object.fromEntries(universes.map(u => [u, fs.openSync(`${folder}/got.${u}`, 'w')]));
const take = (universe, values) => fs.writeSync(files[universe], Array.from(values).slice(0, 510).join() + '\n');
const complain = text => fs.appendFileSync(`${folder}/complaints`, text + '\n');
fs.writeFileSync(`${folder}/complaints`, '');

if (protocol === 'sacn') {
  const { Receiver } = require('sacn');
  const receiver = new Receiver({ universes, reuseAddr: true, iface: address });
  receiver.on('packet', p => take(p.universe, p.payloadAsBuffer));
  for (const event of ['PacketCorruption', 'PacketOutOfOrder', 'error']) receiver.on(event, error => complain(`${event}: ${error.message}`));
} else {
  const { dmxnet } = require('dmxnet');
  const net = new dmxnet({ log: { level: 'error' }, listen: 6454 });
  for (const universe of universes)
    net.newReceiver({ net: 0, subnet: 0, universe }).on('data', values => take(universe, values));
}
process.on('SIGINT', () => process.exit(0));
setTimeout(() => process.exit(0), 20000);
console.log('ready');
