import 'reflect-metadata';
import { runProcess } from '@vitrine/platform';
import { composeGateway } from './compose';

void runProcess({
  name: 'gateway',
  async compose(config, logger) {
    const gateway = await composeGateway(config, logger);
    return { start: () => gateway.listen(), stop: (reason) => gateway.shutdown(reason) };
  },
});
